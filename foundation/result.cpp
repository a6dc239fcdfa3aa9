#include "foundation/result.hpp"

#include <stdexcept>

namespace appointd {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    throw std::logic_error("unexpected error " + error.code + ": " + error.message + " (" + where.to_string() + ")");
}

} // namespace appointd
