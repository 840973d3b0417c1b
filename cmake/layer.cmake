# How every part of avrspi is compiled, and what a layer is: a static library of its own.

add_library(avrspi_flags INTERFACE)
target_compile_features(avrspi_flags INTERFACE c_std_17)
target_compile_definitions(avrspi_flags INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64)
target_compile_options(avrspi_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
target_include_directories(avrspi_flags INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
if(AVRSPI_WERROR)
  target_compile_options(avrspi_flags INTERFACE -Werror)
endif()
if(AVRSPI_SANITIZE)
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(avrspi_flags INTERFACE ${sanitizers})
  target_link_options(avrspi_flags INTERFACE ${sanitizers})
  # A program starts in a fifth less time where the 100,000 addresses of what the sanitizers note
  # about it need no relocation.
  target_link_options(avrspi_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    # As clang does: a program starts, and is searched for leaks, in half the time.
    target_link_options(avrspi_flags INTERFACE -static-libasan
      $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-static-libubsan>)
  endif()
endif()
if(AVRSPI_COVERAGE)
  target_compile_options(avrspi_flags INTERFACE --coverage -O0)
  target_link_options(avrspi_flags INTERFACE --coverage)
endif()
if(AVRSPI_FUZZ)
  target_compile_options(avrspi_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# avrspi_layer(NAME SOURCES file... USES library...): the static library avrspi_NAME.
function(avrspi_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
  add_library(avrspi_${name} STATIC ${arg_SOURCES})
  set_target_properties(avrspi_${name} PROPERTIES
    POSITION_INDEPENDENT_CODE ON C_EXTENSIONS OFF C_VISIBILITY_PRESET hidden)
  target_link_libraries(avrspi_${name} PRIVATE avrspi_flags PUBLIC ${arg_USES})
endfunction()
