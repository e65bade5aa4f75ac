"""One module per input format: bytes -> `model.InputContent`. A new format is one new file that defines `READER`.

`_open` opens and decompresses, `_api` chooses the reader, the other private modules here serve several readers. `vcf` and
`bcf` stand alone; `fusions`, `copy_number`, `tables` and `reports` hold one family of formats each.
"""
