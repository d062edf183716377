"""Campaigns: written by one person, approved by another, sent to a group."""
