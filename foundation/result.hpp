#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <string>

namespace appointd {

/// What went wrong, for a program and for a person.
struct Error {
    std::string code;    ///< stable, snake_case, listed in docs/errors.md: "queue_full", "not_found"
    std::string message; ///< says what to do; never holds secrets or personal data
};

/// Errors are values at every boundary; `value()` on an error is a broken invariant and throws std::logic_error.
template <class T = void> using Result = boost::system::result<T, Error>;

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

} // namespace appointd
