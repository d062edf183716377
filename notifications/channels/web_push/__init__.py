"""Web Push: notifications in browsers and in installed web apps (RFC 8030)."""
