"""Call -> facts: genes, sides, exons, frame, kinase domain, HGVS, isoform numbers, copies."""
