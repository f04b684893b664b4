package io.millrace.local.reconcile;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;

/** Another's files, counting the bytes that are read of them. */
final class CountedFiles implements FileIO {
    private static final long serialVersionUID = 1L;

    private final FileIO files;
    private final AtomicLong count;

    CountedFiles(FileIO files, AtomicLong count) {
        this.files = files;
        this.count = count;
    }

    @Override
    public InputFile newInputFile(String path) {
        return new CountedFile(files.newInputFile(path));
    }

    @Override
    public InputFile newInputFile(String path, long length) {
        return new CountedFile(files.newInputFile(path, length));
    }

    @Override
    public OutputFile newOutputFile(String path) {
        return files.newOutputFile(path);
    }

    @Override
    public void deleteFile(String path) {
        files.deleteFile(path);
    }

    private final class CountedFile implements InputFile {
        private final InputFile file;

        CountedFile(InputFile file) {
            this.file = file;
        }

        @Override
        public long getLength() {
            return file.getLength();
        }

        @Override
        public SeekableInputStream newStream() {
            return new CountedStream(file.newStream());
        }

        @Override
        public String location() {
            return file.location();
        }

        @Override
        public boolean exists() {
            return file.exists();
        }
    }

    private final class CountedStream extends SeekableInputStream {
        private final SeekableInputStream stream;

        CountedStream(SeekableInputStream stream) {
            this.stream = stream;
        }

        @Override
        public long getPos() throws IOException {
            return stream.getPos();
        }

        @Override
        public void seek(long position) throws IOException {
            stream.seek(position);
        }

        @Override
        public int read() throws IOException {
            int read = stream.read();
            count.addAndGet(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = stream.read(bytes, offset, length);
            count.addAndGet(Math.max(0, read));
            return read;
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
