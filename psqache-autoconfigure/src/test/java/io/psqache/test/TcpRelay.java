package io.psqache.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * A wire to a server that a test can cut (connections break, new ones are refused), stall
 * (they stay open and nothing arrives) and restore.
 */
public final class TcpRelay implements AutoCloseable {

	private final InetSocketAddress target;

	private final int port;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition flowing = this.lock.newCondition();

	private boolean stalled;

	private volatile @Nullable ServerSocket listener;

	TcpRelay(String host, int port) {
		this.target = new InetSocketAddress(host, port);
		this.port = listen(0);
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
	 * Let nothing through in either direction, without anyone being told.
	 */
	public void stall() {
		setStalled(true);
	}

	/**
	 * Undo a cut or a stall.
	 */
	public void restore() {
		setStalled(false);
		if (this.listener == null) {
			listen(this.port);
		}
	}

	@Override
	public void close() {
		setStalled(false);
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
			server.connect(this.target);
			if (open.isClosed()) { // it was cut meanwhile, and may not have known of
									// these
				close(client);
				close(server);
				return;
			}
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			start(() -> pump(client, server));
			start(() -> pump(server, client));
		}
	}

	private void pump(Socket from, Socket to) throws IOException {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[8192];
			int length = in.read(buffer);
			while (length >= 0) {
				awaitFlow();
				out.write(buffer, 0, length);
				length = in.read(buffer);
			}
		}
		finally {
			this.sockets.remove(from);
			this.sockets.remove(to);
		}
	}

	private void awaitFlow() {
		this.lock.lock();
		try {
			while (this.stalled) {
				this.flowing.awaitUninterruptibly();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void setStalled(boolean stalled) {
		this.lock.lock();
		try {
			this.stalled = stalled;
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
