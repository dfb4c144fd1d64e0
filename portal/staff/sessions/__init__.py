"""Who is signed in: the cookie, the session and its two time-outs, the lock, the browsers one has used."""
