/** The admission step: what is done with changes whose time is wrong, ahead of all others or behind them. */
package io.millrace.stream.admit;
