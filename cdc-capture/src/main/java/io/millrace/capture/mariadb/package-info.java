/**
 * MariaDB as a source: what a server must be like, where reading goes on, where changes stand, what tables looked like when they
 * were changed, and which have to be read again.
 */
package io.millrace.capture.mariadb;
