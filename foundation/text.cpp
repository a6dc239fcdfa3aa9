#include "foundation/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace appointd {

bool is_text(std::string_view bytes) {
    namespace json = boost::json;
    boost::system::error_code error;
    json::parse(json::serialize(json::string(bytes)), error); // only reading checks the encoding
    return !error && bytes.find('\0') == std::string_view::npos;
}

} // namespace appointd
