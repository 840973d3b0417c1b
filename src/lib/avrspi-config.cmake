# find_package(avrspi) for CMake: avrspi::avrspi is the shared library, avrspi::static the other.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(PkgConfig)
pkg_check_modules(ELF REQUIRED IMPORTED_TARGET libelf)
pkg_check_modules(GPIOD REQUIRED IMPORTED_TARGET libgpiod)
pkg_check_modules(INIH REQUIRED IMPORTED_TARGET inih)
include(${CMAKE_CURRENT_LIST_DIR}/avrspi-targets.cmake)
