/** How jobs read and print sizes, times and tables. */
package io.millrace.batch.report;
