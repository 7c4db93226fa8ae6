"""Hooks of build systems: hatchling and setuptools. Each imports its build system, and nothing else
imports them.
"""
