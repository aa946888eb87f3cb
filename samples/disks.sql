-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Makes a table of SQLite with the fields of `domstream disks`. samples/load-disks imports a CSV file into the table "rows",
-- where all values are texts and unset ones are empty. Here they get their types, and unset values become NULL.
DROP TABLE IF EXISTS disks;
CREATE TABLE disks (
	host TEXT NOT NULL,
	domain TEXT NOT NULL,
	-- The UUID as in the dump, where it may be invalid.
	uuid TEXT,
	target TEXT,
	device TEXT NOT NULL,
	driver TEXT,
	type TEXT,
	source TEXT,
	mode TEXT NOT NULL,
	file TEXT NOT NULL,
	line INTEGER,
	col INTEGER,
	"offset" INTEGER NOT NULL,
	number INTEGER NOT NULL,
	bus TEXT,
	backend TEXT,
	guest TEXT,
	hypervisor TEXT,
	kind TEXT,
	protocol TEXT,
	hosts TEXT,
	pool TEXT,
	volume TEXT
);
INSERT INTO disks
SELECT host, domain, NULLIF(uuid, ''), NULLIF(target, ''), device, NULLIF(driver, ''), NULLIF(type, ''), NULLIF(source, ''),
	mode, file, CAST(NULLIF(line, '') AS INTEGER), CAST(NULLIF(col, '') AS INTEGER), CAST("offset" AS INTEGER),
	CAST(number AS INTEGER), NULLIF(bus, ''), NULLIF(backend, ''), NULLIF(guest, ''), NULLIF(hypervisor, ''),
	NULLIF(kind, ''), NULLIF(protocol, ''), NULLIF(hosts, ''), NULLIF(pool, ''), NULLIF(volume, '')
FROM rows;
DROP TABLE rows;
CREATE INDEX disks_source ON disks (source);
