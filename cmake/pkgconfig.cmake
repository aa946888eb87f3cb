# Writes and installs domstream.pc. The prefix is relative to the file, so that an installed tree can be moved; how far
# up it is depends on the library directory ("lib", "lib/x86_64-linux-gnu"). Directories that were given as absolute
# paths stay absolute.
foreach(kind includedir libdir)
  string(TOUPPER CMAKE_INSTALL_${kind} variable)
  if(IS_ABSOLUTE ${${variable}})
    set(pc_${kind} ${${variable}})
  else()
    set(pc_${kind} "\${prefix}/${${variable}}")
  endif()
endforeach()
set(pc_directory ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH pc_prefix ${pc_directory} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")

# Not in Requires.private: `pkg-config --static` would then ask for everything that libarchive was built with, which
# Debian's libarchive-dev does not install. The shared libarchive needs none of it.
set(pc_archive "")
if(LibArchive_FOUND)
  set(pc_archive -larchive)
endif()

configure_file(cmake/domstream.pc.in domstream.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/domstream.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
