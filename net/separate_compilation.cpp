// The one place where Asio and Beast become object code; every other file sees declarations only.
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"

#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
