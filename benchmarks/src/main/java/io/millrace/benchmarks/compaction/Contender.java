package io.millrace.benchmarks.compaction;

/** A compaction. */
enum Contender {
    OURS("`./millrace compact`"),
    STOCK("`rewrite_data_files`"),
    STOCK_PARTIAL("`rewrite_data_files`, partial progress");

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
