/** Where each live row is: a key's location, and the data files that locations name by number. */
package io.millrace.iceberg.index;
