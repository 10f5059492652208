package io.psqache.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * A wire to a server that a test can cut (connections break, new ones are refused), stall
 * (they stay open and nothing arrives), slow down (each answer takes its time) and
 * restore.
 */
public final class TcpRelay implements AutoCloseable {

	private final InetSocketAddress target;

	private final int port;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition flowing = this.lock.newCondition();

	private boolean stalled;

	private long delayNanos;

	private volatile @Nullable ServerSocket listener;

	TcpRelay(String host, int port) {
		this.target = new InetSocketAddress(host, port);
		this.port = listenAnywhere();
	}

	/**
	 * Not where the system would: the ports that it gives to outgoing connections begin
	 * above these, and one of them could have taken the port when it is to be opened
	 * again.
	 */
	private int listenAnywhere() {
		for (int attempt = 1;; attempt++) {
			try {
				return listen(ThreadLocalRandom.current().nextInt(10_000, 32_000));
			}
			catch (UncheckedIOException ex) {
				if (attempt == 100) {
					throw ex;
				}
			}
		}
	}

	int port() {
		return this.port;
	}

	/**
	 * Break every connection and refuse new ones.
	 */
	public void cut() {
		ServerSocket open = this.listener;
		if (open != null) {
			close(open);
			this.listener = null;
		}
		this.sockets.forEach(TcpRelay::close);
		this.sockets.clear();
	}

	/**
	 * Break every connection; new ones can be made at once.
	 */
	public void disconnect() {
		this.sockets.forEach(TcpRelay::close);
	}

	/**
	 * Let nothing through in either direction, without anyone being told.
	 */
	public void stall() {
		set(() -> this.stalled = true);
	}

	/**
	 * Hold back each answer of the server, on each connection, for some time.
	 * @param delay the time
	 */
	public void slowDown(Duration delay) {
		set(() -> this.delayNanos = delay.toNanos());
	}

	/**
	 * Undo a cut, a stall or a slow-down.
	 */
	public void restore() {
		set(() -> {
			this.stalled = false;
			this.delayNanos = 0;
		});
		if (this.listener == null) {
			listen(this.port);
		}
	}

	@Override
	public void close() {
		set(() -> this.stalled = false);
		cut();
	}

	private int listen(int onPort) {
		try {
			ServerSocket open = new ServerSocket();
			open.setReuseAddress(true);
			open.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort));
			this.listener = open;
			start(() -> accept(open));
			return open.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void accept(ServerSocket open) throws IOException {
		while (!open.isClosed()) {
			Socket client = open.accept();
			Socket server = new Socket();
			this.sockets.add(client);
			this.sockets.add(server);
			try {
				server.connect(this.target);
				if (open.isClosed()) { // cut meanwhile, perhaps without these two
					close(client);
					close(server);
					return;
				}
				client.setTcpNoDelay(true);
				server.setTcpNoDelay(true);
				start(() -> pump(client, server, false));
				start(() -> pump(server, client, true));
			}
			catch (IOException ex) { // broken before it was whole
				close(client);
				close(server);
			}
		}
	}

	private void pump(Socket from, Socket to, boolean answers) throws IOException {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[8192];
			int length = in.read(buffer);
			while (length >= 0) {
				awaitFlow(answers);
				out.write(buffer, 0, length);
				length = in.read(buffer);
			}
		}
		finally {
			this.sockets.remove(from);
			this.sockets.remove(to);
		}
	}

	private void awaitFlow(boolean answers) {
		this.lock.lock();
		try {
			long since = System.nanoTime();
			while (this.stalled) {
				this.flowing.awaitUninterruptibly();
			}
			while (answers && System.nanoTime() - since < this.delayNanos) {
				this.flowing.awaitNanos(this.delayNanos - (System.nanoTime() - since));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt(); // nobody does that
		}
		finally {
			this.lock.unlock();
		}
	}

	private void set(Runnable change) {
		this.lock.lock();
		try {
			change.run();
			this.flowing.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private static void start(Flow flow) {
		Thread thread = new Thread(() -> {
			try {
				flow.run();
			}
			catch (IOException ex) {
				// one side hung up, which is what a wire must pass on: both sockets are
				// closed
			}
		}, "relay");
		thread.setDaemon(true);
		thread.start();
	}

	private static void close(AutoCloseable closeable) {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private interface Flow {

		void run() throws IOException;

	}

}
