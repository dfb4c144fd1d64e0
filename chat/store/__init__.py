"""The only place that knows the chat's Valkey keys and scripts."""
