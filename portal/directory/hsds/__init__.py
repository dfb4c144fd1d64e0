"""The standard by which directories are handed on: Human Services Data Specification, version 3 (Open Referral)."""
