"""The guided first shift: steps that somebody new ticks by doing them in practice, and how far each person is."""
