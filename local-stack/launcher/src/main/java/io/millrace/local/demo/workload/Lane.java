package io.millrace.local.demo.workload;

/**
 * The part of the company that one connection works on: all customers whose id has this remainder, and what is theirs.
 * Lanes share no row, so connections never wait for each other.
 *
 * @param number from 0
 * @param lanes how many there are
 */
public record Lane(int number, int lanes) {

    public Lane {
        if (number < 0 || number >= lanes) {
            throw new IllegalArgumentException("Cannot be lane " + number + " of " + lanes);
        }
    }

    /** The lane's first id above this one. */
    long idAfter(long id) {
        return id + 1 + Math.floorMod(number - id - 1, lanes);
    }
}
