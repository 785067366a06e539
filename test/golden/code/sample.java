package org.example.reader;

import java.util.List;
import static java.lang.Math.max;

/** A reader. */
@Deprecated
public final class Reader<T extends Comparable<T>> implements Runnable {
    private static final int LIMIT = 3;

    public Reader(List<T> items) {
        this.items = items;
    }

    /** Runs. */
    @Override
    public void run() {
        helper(max(LIMIT, 2), "helper 😀");
    }

    private static <K> K helper(int a, String b) { return null; }

    enum Kind { ONE, TWO; Kind next() { return ONE; } }

    interface Visitor { void visit(Reader<?> reader); }
}

record Point(int x, int y) {
    Point { if (x < 0) throw new IllegalArgumentException(); }
}
