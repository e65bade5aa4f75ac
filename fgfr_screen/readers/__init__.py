"""One module per input format: bytes -> `model.InputContent`. A new format is one new file that defines `READER`.

`_open` opens and decompresses, `_api` chooses the reader, `_table`, `_json` and `_assembly` serve several readers.
"""
