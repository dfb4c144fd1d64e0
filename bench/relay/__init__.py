"""The relay job: a visitor on one process, an advocate on another, ours beside the floor and beside its peers."""
