"""Tests of tax."""
