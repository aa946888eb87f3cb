-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The fields of `domstream disks` as a table of SQLite. samples/load-disks fills it from a CSV file: values are imported as
-- text into "rows", where what is unset is empty; here they get their types, and what is unset becomes NULL.
DROP TABLE IF EXISTS disks;
CREATE TABLE disks (
	host TEXT NOT NULL,
	domain TEXT NOT NULL,
	-- As in the dump, which may hold one that is no UUID.
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
