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
 * A TCP relay to a server that simulates network failures. A test can cut connections,
 * stall them without an error, delay answers, swallow new connections, and restore the
 * relay. The relay keeps its port while it is cut: another outgoing connection could
 * otherwise take the port.
 */
public final class TcpRelay implements AutoCloseable {

	private final InetSocketAddress target;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition resumed = this.lock.newCondition();

	private boolean stalled;

	private boolean answersStalled;

	private long delayNanos;

	private final ServerSocket listener;

	private volatile boolean cut;

	private volatile boolean swallowing;

	private volatile boolean swallowed;

	private volatile @Nullable String cutText;

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
	 * Close all connections, and each new connection immediately after it is accepted.
	 */
	public void cut() {
		this.cut = true;
		disconnect();
	}

	public boolean isCut() {
		return this.cut;
	}

	/**
	 * {@link #cut()} when a client sends a text. The server does not receive it.
	 * @param text the text as sent over the network
	 */
	public void cutAt(String text) {
		this.cutText = text;
	}

	/**
	 * Accept new connections, and never answer on them, even after {@link #restore()}.
	 * This simulates lost packets.
	 */
	public void swallow() {
		this.swallowing = true;
	}

	/**
	 * Return whether a connection was swallowed.
	 */
	public boolean hasSwallowed() {
		return this.swallowed;
	}

	/**
	 * Close all connections. New connections are possible.
	 */
	public void disconnect() {
		this.sockets.forEach(TcpRelay::close);
	}

	/**
	 * Stop the traffic in both directions without an error.
	 */
	public void stall() {
		set(() -> this.stalled = true);
	}

	/**
	 * Stop the traffic from the server. It still receives and executes requests, and
	 * neither end sees an error.
	 */
	public void stallAnswers() {
		set(() -> this.answersStalled = true);
	}

	/**
	 * Delay each answer of the server.
	 * @param delay the delay
	 */
	public void slowDown(Duration delay) {
		set(() -> this.delayNanos = delay.toNanos());
	}

	/**
	 * Undo a cut, a stall, a delay and the swallowing of new connections.
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
	 * Close the relay. New connections are refused.
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
				start(() -> relay(client, server, false));
				start(() -> relay(server, client, true));
				if (this.cut) { // cut() may not have seen these two sockets.
					hangUp(client, server);
				}
			}
			catch (IOException ex) { // The connection was closed while it was opened.
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

	private void relay(Socket from, Socket to, boolean answers) throws IOException {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[8192];
			int length = in.read(buffer);
			while (length >= 0) {
				awaitFlow(answers);
				cutIfMatches(buffer, length);
				out.write(buffer, 0, length);
				length = in.read(buffer);
			}
		}
		finally {
			this.sockets.remove(from);
			this.sockets.remove(to);
		}
	}

	private void cutIfMatches(byte[] buffer, int length) {
		String text = this.cutText;
		if (text != null && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(text)) {
			this.cutText = null;
			cut();
		}
	}

	private void awaitFlow(boolean answers) {
		this.lock.lock();
		try {
			long since = System.nanoTime();
			while (this.stalled || (answers && this.answersStalled)) {
				this.resumed.awaitUninterruptibly();
			}
			while (answers && System.nanoTime() - since < this.delayNanos) {
				this.resumed.awaitNanos(this.delayNanos - (System.nanoTime() - since));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt(); // No test interrupts a relay thread.
		}
		finally {
			this.lock.unlock();
		}
	}

	private void set(Runnable change) {
		this.lock.lock();
		try {
			change.run();
			this.resumed.signalAll();
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
				// One end closed its connection. The other end is closed too.
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
