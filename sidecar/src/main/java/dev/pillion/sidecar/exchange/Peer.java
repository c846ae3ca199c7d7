package dev.pillion.sidecar.exchange;

/** Who is at the other end of a Unix socket, as the kernel says (SO_PEERCRED). */
public record Peer(int uid, int gid, int pid) {}
