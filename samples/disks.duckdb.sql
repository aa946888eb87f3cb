-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Loads the fields of `domstream disks` into a table of DuckDB, with their types. NDJSON distinguishes unset and empty
-- values, and its texts are always UTF-8:
--
--   domstream disks --format ndjson --utf8 escape DUMP... >disks.ndjson && duckdb disks.duckdb <disks.duckdb.sql
--
-- "offset" is a reserved word there and needs its quotes. A UUID is a text, because it may be invalid in a dump;
-- try_cast(uuid AS UUID) is NULL for an invalid one.
CREATE OR REPLACE TABLE disks AS
SELECT * FROM read_json('disks.ndjson', format = 'newline_delimited', columns = {
	host: 'VARCHAR', domain: 'VARCHAR', uuid: 'VARCHAR', target: 'VARCHAR', device: 'VARCHAR', driver: 'VARCHAR',
	type: 'VARCHAR', source: 'VARCHAR', mode: 'VARCHAR', file: 'VARCHAR', line: 'UBIGINT', col: 'UBIGINT',
	"offset": 'UBIGINT', number: 'UBIGINT', bus: 'VARCHAR', backend: 'VARCHAR', guest: 'VARCHAR', hypervisor: 'VARCHAR',
	kind: 'VARCHAR', protocol: 'VARCHAR', hosts: 'VARCHAR', pool: 'VARCHAR', volume: 'VARCHAR'
});
