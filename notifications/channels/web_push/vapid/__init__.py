"""Web Push straight to the browsers' push services, encrypted (RFC 8291), signed by VAPID."""
