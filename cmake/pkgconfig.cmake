# Writes and installs domstream.pc. Its prefix is relative to the file, so that an installed tree can be moved. The number
# of levels depends on the library directory ("lib", "lib/x86_64-linux-gnu"). Absolute directories stay absolute.
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

# libarchive is not in Requires.private: `pkg-config --static` would then require all libraries that libarchive was built
# with. Debian's libarchive-dev does not install them, and the shared libarchive does not need them.
set(pc_archive "")
if(LibArchive_FOUND)
  set(pc_archive -larchive)
endif()

configure_file(cmake/domstream.pc.in domstream.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/domstream.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
