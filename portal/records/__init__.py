"""What outlives a conversation by the staff's own account: sealed entries, and a supervisor's word on them."""
