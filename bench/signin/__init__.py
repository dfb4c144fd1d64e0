"""The sign-in: the time of each answer that lets nobody in, and what a storm of tries costs a talk beside it."""
