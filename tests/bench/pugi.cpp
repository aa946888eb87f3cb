/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* pugi FILE - pugixml makes a tree of one well-formed document, in the bytes of the file. */

#include <pugixml.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

int main(int argc, char **argv)
{
	std::ifstream file(argc == 2 ? argv[1] : "", std::ios::binary | std::ios::ate);
	if (!file)
		return 1;
	std::vector<char> data(static_cast<std::size_t>(file.tellg()));
	file.seekg(0);
	file.read(data.data(), static_cast<std::streamsize>(data.size()));
	pugi::xml_document document;
	pugi::xml_parse_result result = document.load_buffer_inplace(data.data(), data.size());
	if (!result)
		std::fprintf(stderr, "pugi: %s\n", result.description());
	return !result;
}
