"""The last stage: an output tree in memory becomes a folder on disk, or a diff.

Import from the modules: ``tree`` (what is to be written), ``lock`` (what was written), ``state``
(what lies there now), ``disk`` (writing), ``errors``. Nothing is imported here, because a run that
finds nothing to do must pay for nothing but ``lock`` and ``state``.
"""
