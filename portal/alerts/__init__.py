"""Alerts: the server calls people who are on call, up a ladder, until one of them says yes at the desk."""
