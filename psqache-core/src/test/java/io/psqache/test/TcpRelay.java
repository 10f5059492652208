/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * A wire to a server that a test can cut (connections break, new ones break at once),
 * stall (they stay open and nothing arrives), slow down (each answer takes its time),
 * make swallow new ones, and restore. It keeps its port through a cut: a port that is
 * given up may be taken by any outgoing connection before it is to be opened again.
 */
public final class TcpRelay implements AutoCloseable {

	private final InetSocketAddress target;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition flowing = this.lock.newCondition();

	private boolean stalled;

	private boolean answersStalled;

	private long delayNanos;

	private final ServerSocket listener;

	private volatile boolean cut;

	private volatile boolean swallowing;

	private volatile boolean swallowed;

	private volatile @Nullable String lastWords;

	TcpRelay(String host, int port) {
		this.target = new InetSocketAddress(host, port);
		try {
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Break every connection, and each new one as soon as it is made.
	 */
	public void cut() {
		this.cut = true;
		disconnect();
	}

	public boolean isCut() {
		return this.cut;
	}

	/**
	 * {@link #cut()} as soon as a client says something, which the server does not hear.
	 * @param words what it says, as it goes over the wire
	 */
	public void cutAt(String words) {
		this.lastWords = words;
	}

	/**
	 * Accept new connections, and be silent on them, even after {@link #restore()}: as
	 * when their packets get lost, without an error.
	 */
	public void swallow() {
		this.swallowing = true;
	}

	/**
	 * Whether there has been a connection to swallow.
	 */
	public boolean hasSwallowed() {
		return this.swallowed;
	}

	/**
	 * Break every connection; new ones can be made at once.
	 */
	public void disconnect() {
		this.sockets.forEach(TcpRelay::close);
	}

	/**
	 * Let nothing through in either direction, without an error.
	 */
	public void stall() {
		set(() -> this.stalled = true);
	}

	/**
	 * Let nothing through that comes from the server: it hears and does what it is told,
	 * and neither end knows.
	 */
	public void stallAnswers() {
		set(() -> this.answersStalled = true);
	}

	/**
	 * Hold back each answer of the server, on each connection, for some time.
	 * @param delay the time
	 */
	public void slowDown(Duration delay) {
		set(() -> this.delayNanos = delay.toNanos());
	}

	/**
	 * Undo a cut, a stall or a slow-down, and swallow no more.
	 */
	public void restore() {
		this.swallowing = false;
		set(() -> {
			this.stalled = false;
			this.answersStalled = false;
			this.delayNanos = 0;
		});
		this.cut = false;
	}

	/**
	 * Take the wire away: from now on new connections are refused.
	 */
	@Override
	public void close() {
		set(() -> {
			this.stalled = false;
			this.answersStalled = false;
		});
		close(this.listener);
		cut();
	}

	private void accept() throws IOException {
		while (!this.listener.isClosed()) {
			Socket client = this.listener.accept();
			this.sockets.add(client);
			if (this.swallowing) {
				this.swallowed = true;
				continue;
			}
			Socket server = new Socket();
			this.sockets.add(server);
			try {
				server.connect(this.target);
				client.setTcpNoDelay(true);
				server.setTcpNoDelay(true);
				start(() -> pump(client, server, false));
				start(() -> pump(server, client, true));
				if (this.cut) { // perhaps without these two
					hangUp(client, server);
				}
			}
			catch (IOException ex) { // broken before it was whole
				hangUp(client, server);
			}
		}
	}

	private void hangUp(Socket client, Socket server) {
		close(client);
		close(server);
		this.sockets.remove(client);
		this.sockets.remove(server);
	}

	private void pump(Socket from, Socket to, boolean answers) throws IOException {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[8192];
			int length = in.read(buffer);
			while (length >= 0) {
				awaitFlow(answers);
				cutIfAsked(buffer, length);
				out.write(buffer, 0, length);
				length = in.read(buffer);
			}
		}
		finally {
			this.sockets.remove(from);
			this.sockets.remove(to);
		}
	}

	private void cutIfAsked(byte[] buffer, int length) {
		String words = this.lastWords;
		if (words != null && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(words)) {
			this.lastWords = null;
			cut();
		}
	}

	private void awaitFlow(boolean answers) {
		this.lock.lock();
		try {
			long since = System.nanoTime();
			while (this.stalled || (answers && this.answersStalled)) {
				this.flowing.awaitUninterruptibly();
			}
			while (answers && System.nanoTime() - since < this.delayNanos) {
				this.flowing.awaitNanos(this.delayNanos - (System.nanoTime() - since));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt(); // does not happen
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
