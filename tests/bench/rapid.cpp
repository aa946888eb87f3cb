/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rapid FILE - RapidXML makes a tree of one well-formed document, in the bytes of the file. */

#if __has_include(<rapidxml/rapidxml.hpp>)
#include <rapidxml/rapidxml.hpp>
#else
#include <rapidxml.hpp>
#endif

#include <cstdio>
#include <fstream>
#include <vector>

int main(int argc, char **argv)
{
	std::ifstream file(argc == 2 ? argv[1] : "", std::ios::binary | std::ios::ate);
	if (!file)
		return 1;
	std::vector<char> data(static_cast<std::size_t>(file.tellg()) + 1);
	file.seekg(0);
	file.read(data.data(), static_cast<std::streamsize>(data.size() - 1));
	try {
		rapidxml::xml_document<> document;
		document.parse<rapidxml::parse_validate_closing_tags>(data.data());
	} catch (const rapidxml::parse_error &error) {
		std::fprintf(stderr, "rapid: %s\n", error.what());
		return 1;
	}
	return 0;
}
