# cmake -DOUTPUT=… -DROOT=… -P embed.cmake: makes a .cpp of all SQL files, so that the daemon reads none at run time.
# A file in sql/shared stands for both databases unless a file of that name in the database's own folder says it otherwise.
set(code "// Made by persistence/embed.cmake from persistence/sql and persistence/migrations.\n#include \"persistence/catalogue.hpp\"\n\nnamespace appointd::persistence {\nnamespace {\n\n")

function(append_entries variable dialect)
  set(entries "${${variable}}")
  foreach(path ${ARGN})
    get_filename_component(name ${path} NAME_WE)
    file(READ ${path} text)
    string(APPEND entries "    {Dialect::${dialect}, \"${name}\", R\"sql_text(${text})sql_text\"},\n")
  endforeach()
  set(${variable} "${entries}" PARENT_SCOPE)
endfunction()

set(statements "")
set(migrations "")
foreach(dialect postgresql sqlite)
  file(GLOB own ${ROOT}/sql/${dialect}/*.sql)
  file(GLOB common ${ROOT}/sql/shared/*.sql)
  foreach(path ${common})
    get_filename_component(file ${path} NAME)
    if(NOT EXISTS ${ROOT}/sql/${dialect}/${file})
      list(APPEND own ${path})
    endif()
  endforeach()
  append_entries(statements ${dialect} ${own})
  file(GLOB steps ${ROOT}/migrations/${dialect}/*.sql)
  list(SORT steps)
  append_entries(migrations ${dialect} ${steps})
endforeach()

string(APPEND code "constexpr SqlFile statement_files[] = {\n${statements}};\n\nconstexpr SqlFile migration_files[] = {\n${migrations}};\n\n} // namespace\n\n"
  "std::span<const SqlFile> all_statements() { return statement_files; }\nstd::span<const SqlFile> all_migrations() { return migration_files; }\n\n"
  "} // namespace appointd::persistence\n")
file(WRITE ${OUTPUT} "${code}")
