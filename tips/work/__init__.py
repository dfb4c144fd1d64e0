"""What staff do with a tip among themselves: never shown to whoever sent it, and opened by no receipt."""
