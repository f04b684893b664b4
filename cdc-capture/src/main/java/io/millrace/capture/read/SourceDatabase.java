package io.millrace.capture.read;

import io.millrace.capture.storage.ObjectStore;

/** A source's database server, of some product. Whatever stands in the way is a {@code ConfigurationException} with all of it. */
public interface SourceDatabase {

    /** Looks for everything that would make a capture fail. */
    void check();

    /**
     * The same for a capture that has a state already: what is wrong with single tables is told of, and does not stop the others.
     */
    void checkToGoOn();

    /** Decides between going on and starting over, and makes the server ready for it. */
    Reading open(ObjectStore storage) throws InterruptedException;
}
