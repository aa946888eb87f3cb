# `make uninstall` removes the files of the last `make install` from this build directory.
configure_file(cmake/uninstall.cmake.in uninstall.cmake @ONLY)
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -P uninstall.cmake VERBATIM)

# `cpack -G RPM` and `cpack -G TGZ` make packages. Debian's packages are made from debian/ instead.
set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_VENDOR "The domstream project")
set(CPACK_PACKAGE_CONTACT "The domstream project")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_RPM_PACKAGE_DESCRIPTION
  "domstream reads dumps of virtual machine configurations, libvirt domain XML and the S-expressions of Xen's xend, \
converts each format into the other, lists and compares disks, and audits the disks of whole estates.")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_CURRENT_SOURCE_DIR}/LICENSE)
set(CPACK_RPM_PACKAGE_LICENSE "LGPL-2.1-or-later")
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_STRIP_FILES TRUE)
# These directories belong to other packages.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
  /usr/${CMAKE_INSTALL_LIBDIR} /usr/${CMAKE_INSTALL_LIBDIR}/cmake /usr/${CMAKE_INSTALL_LIBDIR}/pkgconfig
  /usr/share/man /usr/share/man/man1 /usr/share/man/man5 /usr/share/man/man7
  /usr/share/bash-completion /usr/share/bash-completion/completions
  /usr/share/zsh /usr/share/zsh/site-functions
  /usr/share/fish /usr/share/fish/vendor_completions.d)
set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_SOURCE_IGNORE_FILES "/\\\\.git(/|$)" "/build[^/]*/")
include(CPack)
