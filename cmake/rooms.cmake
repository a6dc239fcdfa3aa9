# How every room is built: the same warnings, the same definitions, found once.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(PostgreSQL REQUIRED)
set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Boost 1.81 EXACT REQUIRED COMPONENTS json)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(prometheus-cpp REQUIRED)

add_library(appointd_options INTERFACE)
target_include_directories(appointd_options INTERFACE ${CMAKE_SOURCE_DIR})
# g++ 12 sees overlapping copies in std::string where there are none (GCC bug 105329), in optimised builds only.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(appointd_options INTERFACE -Wno-restrict)
endif()
target_compile_options(appointd_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(NOT APPOINTD_SANITIZE) # instrumented code makes g++ warn of what is not there
  target_compile_options(appointd_options INTERFACE -Werror)
endif()
# Asio and Beast are compiled once, in net/separate_compilation.cpp.
target_compile_definitions(appointd_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                                                      BOOST_ASIO_NO_DEPRECATED BOOST_UUID_NO_SIMD)
target_link_libraries(appointd_options INTERFACE Boost::json Threads::Threads)
if(APPOINTD_SANITIZE)
  target_compile_options(appointd_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(appointd_options INTERFACE -fsanitize=address,undefined)
endif()

# appointd_room(NAME SOURCES a.cpp … LINKS appointd_foundation …): the static library appointd_NAME.
function(appointd_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS" ${ARGN})
  add_library(appointd_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(appointd_${name} PUBLIC appointd_options ${ROOM_LINKS})
endfunction()

# appointd_coroutines(TARGET): optimised, g++ 12 takes Asio's recycled coroutine frames for a mismatched new and delete.
function(appointd_coroutines target)
  target_compile_options(${target} PRIVATE -Wno-mismatched-new-delete)
endfunction()

# appointd_test(NAME SOURCES a.cpp … LINKS … [LABELS unit|store|integration|e2e|tidy] [TIMEOUT seconds]): one GoogleTest program, one ctest entry.
function(appointd_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE appointd_options ${TEST_LINKS} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE -O0) # a test's own code runs once: that it builds quickly counts
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}")
endfunction()
