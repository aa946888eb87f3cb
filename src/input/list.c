/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/error.h"
#include "input/input.h"
#include "input/names.h"
#include "input/walk.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct input_list {
	struct input_list_options options;
	/** The number of options.names that were returned. */
	size_t next;
	/** The open file of names; NULL before it is opened and, with `is_names_done` set, after
	 * its end. */
	struct input_names *names;
	bool is_names_done;
	/** A copy of the user's name that was returned last. */
	char *given;
	/** Walks the directories among the names. */
	struct input_walk *walk;
};

/** Fetches the next name from the file of names; NULL at its end, or if there is no such file. */
static enum ds_status next_of_file(struct input_list *list, const char **name,
	struct ds_error *error)
{
	enum ds_status status = DS_OK;

	*name = NULL;
	if (list->is_names_done)
		return DS_OK;
	if (list->names == NULL)
		status = input_names_open(&list->names, list->options.files_from,
			list->options.files_from_nul != 0, error);
	if (list->names == NULL) {
		list->is_names_done = true;
		return status;
	}
	status = input_names_next(list->names, name, error);
	if (status == DS_OK && *name == NULL) {
		list->is_names_done = true;
		input_names_free(list->names);
		list->names = NULL;
	}
	return status;
}

/** Fetches the next name from the arguments or the file of names. It may be a directory. */
static enum ds_status next_given(struct input_list *list, const char **name, struct ds_error *error)
{
	if (list->next < list->options.name_count) {
		*name = list->options.names[list->next++];
		return DS_OK;
	}
	return next_of_file(list, name, error);
}

/** Keeps a copy of a name for input_list_given(), because the original is gone when the entries of
 * a directory are returned. */
static enum ds_status keep_given(struct input_list *list, const char *name)
{
	free(list->given);
	list->given = strdup(name);
	return list->given != NULL ? DS_OK : DS_NO_MEMORY;
}

static bool is_directory(const char *name)
{
	struct stat status;

	return strcmp(name, "-") != 0 && stat(name, &status) == 0 && S_ISDIR(status.st_mode);
}

struct input_list *input_list_new(const struct input_list_options *options)
{
	static const char *const standard_input[] = {"-"};
	struct input_list *list = calloc(1, sizeof(*list));

	if (list == NULL)
		return NULL;
	list->walk = input_walk_new();
	if (list->walk == NULL) {
		free(list);
		return NULL;
	}
	list->options = *options;
	list->is_names_done = options->files_from == NULL;
	if (options->name_count == 0 && options->files_from == NULL) {
		list->options.names = standard_input;
		list->options.name_count = 1;
	}
	return list;
}

enum ds_status input_list_next(struct input_list *list, const char **name, struct ds_error *error)
{
	for (;;) {
		const char *given = NULL;
		enum ds_status status = input_walk_next(list->walk, &given, error);

		if (status == DS_DAMAGED)
			given = error->place.name;
		if (status == DS_OK && given == NULL) {
			status = next_given(list, &given, error);
			if (status == DS_OK && given != NULL)
				status = keep_given(list, given);
			if (status == DS_OK && given != NULL && is_directory(given)) {
				if (!list->options.recursive) {
					input_error_set(error, "DA908", given, 0,
						"is a directory; use --recursive to walk it");
					status = DS_DAMAGED;
				} else {
					status = input_walk_begin(list->walk, given, error);
				}
				if (status == DS_OK)
					continue;
			}
		}
		*name = given;
		return status;
	}
}

const char *input_list_given(const struct input_list *list)
{
	return list->given != NULL ? list->given : "-";
}

void input_list_free(struct input_list *list)
{
	if (list == NULL)
		return;
	input_names_free(list->names);
	input_walk_free(list->walk);
	free(list->given);
	free(list);
}
