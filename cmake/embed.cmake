# Makes chips/*.conf part of the program: one C file with their bytes, in the order of their
# names, made anew when one of them changes.
#
#   avrspi_embed_chips(OUTPUT)   from a CMakeLists.txt
#   cmake -D FOLDER=... -D OUTPUT=... -P embed.cmake   what that runs when it builds

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(AVRSPI_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

  function(avrspi_embed_chips output)
    set(folder ${PROJECT_SOURCE_DIR}/chips)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.conf)
    add_custom_command(OUTPUT ${output}
      COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D OUTPUT=${output} -P ${AVRSPI_EMBED_SCRIPT}
      DEPENDS ${files} ${AVRSPI_EMBED_SCRIPT}
      COMMENT "Embedding chip definitions"
      VERBATIM)
  endfunction()
  return()
endif()

file(GLOB files ${FOLDER}/*.conf)
list(SORT files)
set(arrays "")
set(rows "")
set(n 0)
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(................................)" "\\1\n    " hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char text_${n}[] = { /* ${name} */\n    ${bytes}0\n};\n\n")
  string(APPEND rows
    "    {\"chips/${name}\", (const char *)text_${n}, sizeof text_${n} - 1},\n")
  math(EXPR n "${n} + 1")
endforeach()
file(WRITE ${OUTPUT} "/* Made from chips/ by cmake/embed.cmake. */
#include \"chips/set.h\"

${arrays}const struct avrspi_builtin avrspi_builtins[] = {
${rows}};

const size_t avrspi_builtins_count = sizeof avrspi_builtins / sizeof *avrspi_builtins;
")
