/** MariaDB, for source databases. */
package io.millrace.local.mariadb;
