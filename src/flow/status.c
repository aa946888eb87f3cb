/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domstream/domstream.h"
#include "input/tar.h"

#include <string.h>

#define STRING(x) #x
#define VERSION(major, minor, patch) STRING(major) "." STRING(minor) "." STRING(patch)

const char *ds_version(void)
{
	return VERSION(DS_VERSION_MAJOR, DS_VERSION_MINOR, DS_VERSION_PATCH);
}

const char *ds_feature(const char *name)
{
	return name && strcmp(name, "tar") == 0 ? tar_version() : NULL;
}

const char *ds_status_text(enum ds_status status)
{
	switch (status) {
	case DS_OK:
		return "done";
	case DS_DAMAGED:
		return "some input could not be read";
	case DS_STOPPED:
		return "stopped";
	case DS_USAGE:
		return "invalid argument";
	case DS_NO_MEMORY:
		return "out of memory";
	case DS_SYSTEM:
		return "a file could not be opened, read or written";
	}
	return "unknown status";
}
