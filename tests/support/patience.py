"""How long a test waits for something that has to come.

Long, and the same everywhere: on a busy machine what comes late still comes, and how soon it comes is for `bench/` to
say. A test that waits for something never to come names its own, short, time.
"""

PATIENCE_S = 40.0
PATIENCE_MS = PATIENCE_S * 1000
# For what ends or stands again by itself within five seconds on a machine that does nothing else.
SOON_S = 20.0
